"""railsim: what becomes of freight between Yunnan, Hai Phong and the sea."""
