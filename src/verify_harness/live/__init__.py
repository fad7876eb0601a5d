"""`smoke --live`: a fixed, printed and priced plan against the vendor's own service."""
