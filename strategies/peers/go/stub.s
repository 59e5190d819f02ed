// Go wants a file like this beside functions without a body (nanotime).
