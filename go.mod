module sbwatch

go 1.26.0
