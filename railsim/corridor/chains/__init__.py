"""The chains of steps that lots and vehicles walk, the same in every year."""
