//! askfirst-store
