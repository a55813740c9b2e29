//! askfirst-query
