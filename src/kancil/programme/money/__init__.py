"""Money of a programme: amounts, dated rates of exchange, shares, and what reconciles."""
