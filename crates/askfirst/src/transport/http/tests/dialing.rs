//! A name with several addresses.

use std::net::SocketAddr;
use std::os::fd::OwnedFd;

use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, connect, getsockname, listen};

use super::*;
use crate::transport::http::deadline::Deadline;
use crate::transport::http::dial::reach;

/// A listener whose queue is full: the kernel drops what knocks, as a firewall does.
fn dropping() -> (SocketAddr, Vec<OwnedFd>) {
    let socket = || {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        rustix::net::socket_with(AddressFamily::INET, SocketType::STREAM, flags, None).unwrap()
    };
    let listener = socket();
    bind(&listener, &SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    listen(&listener, 0).unwrap();
    let address = SocketAddr::try_from(getsockname(&listener).unwrap()).unwrap();
    let mut held = vec![listener];
    for _ in 0..3 {
        let knocking = socket();
        // "In progress" is what is wanted.
        let _ = connect(&knocking, &address);
        held.push(knocking);
    }
    (address, held)
}

#[test]
fn b09_an_address_that_is_never_answered_leaves_time_for_the_next() {
    let (silent, _held) = dropping();
    let (_, listener) = hanging();
    let there = listener.local_addr().unwrap();
    let reached = reach(&[silent, there], Deadline::after(1_000)).unwrap();
    assert_eq!(reached.peer_addr().unwrap(), there);
    let none = reach(&[silent, silent], Deadline::after(50)).unwrap_err();
    assert_eq!(none.to_string(), "timed out");
}
