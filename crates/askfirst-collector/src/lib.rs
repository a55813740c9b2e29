//! askfirst-collector
