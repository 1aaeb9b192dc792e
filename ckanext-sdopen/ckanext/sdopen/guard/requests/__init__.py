"""What a request may hold: types of every action's input, sizes and depths."""
