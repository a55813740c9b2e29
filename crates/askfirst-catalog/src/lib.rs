//! askfirst-catalog
