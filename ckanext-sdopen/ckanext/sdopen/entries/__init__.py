"""Entries (目录, 数据服务接口): written, checked, published, shown."""
