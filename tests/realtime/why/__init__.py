"""Why a number is what it is: the formulas compute what is shown, and the facts told are as many as are counted."""
