"""The copy that goes back: findings marked in the cells of the department."""
