"""What every page needs and no feature knows: access, transactions, headers, fields, filters."""
