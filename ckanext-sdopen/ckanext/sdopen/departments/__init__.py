"""Departments (单位): their tree by region, their page, merging them (机构改革)."""
