//! The `askfirst` program.
fn main() {}
