"""What moto lacks or answers otherwise than AWS, put right, one thing a module."""
