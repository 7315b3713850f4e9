"""What must hold on an invoice. Pure: a draft goes in, findings with stable codes come out."""
