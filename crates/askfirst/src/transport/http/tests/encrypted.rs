//! TLS, with authorities of our own: who answers must show to be who was called.

use std::net::TcpStream;
use std::sync::{Arc, OnceLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::version::{TLS12, TLS13};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion,
};

use super::server::{converse, serve_with};
use super::*;
use crate::transport::http::tls::Tls;

/// An authority, and what it vouches for.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new() -> Authority {
        let mut about = CertificateParams::new([]).unwrap();
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Authority(CertifiedIssuer::self_signed(about, key).unwrap())
    }

    /// A client that believes it and nobody else.
    pub(super) fn believed(&self) -> Http {
        let mut authorities = RootCertStore::empty();
        authorities.add(self.0.der().clone()).unwrap();
        Http {
            tls: OnceLock::from(Tls::trusting(authorities)),
            ..Http::default()
        }
    }

    /// What a server shows: a certificate for `name`, good until the year.
    pub(super) fn vouch(
        &self,
        name: &str,
        until: i32,
        speaks: &'static SupportedProtocolVersion,
    ) -> Arc<ServerConfig> {
        let mut about = CertificateParams::new([name.to_owned()]).unwrap();
        about.not_before = date_time_ymd(2020, 1, 1);
        about.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = about.signed_by(&key, &self.0).unwrap();
        let secret = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[speaks])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], secret)
            .unwrap();
        Arc::new(config)
    }

    fn serve(&self, name: &str, until: i32, speaks: &'static SupportedProtocolVersion) -> Server {
        let shows = self.vouch(name, until, speaks);
        serve_with(move |connection| {
            let mut stream = greeting(&shows, connection());
            vec![converse(&mut stream, &[OK.to_vec(), OK.to_vec()])]
        })
    }
}

/// The server's end of a connection.
pub(super) fn greeting(
    shows: &Arc<ServerConfig>,
    stream: TcpStream,
) -> StreamOwned<ServerConnection, TcpStream> {
    let session = ServerConnection::new(Arc::clone(shows)).unwrap();
    StreamOwned::new(session, stream)
}

/// Two batches, and what the server got of them.
fn two_batches(http: Http, server: Server) -> (Reply, Vec<Vec<u8>>) {
    let url = server.encrypted_url();
    let first = http.post(&url, b"{}");
    if let Reply::Status { .. } = first {
        assert_eq!(http.post(&url, b"{}"), first);
    }
    (first, server.requests().remove(0))
}

fn refused(http: Http, server: Server, why: &str) {
    let (reply, requests) = two_batches(http, server);
    let Reply::Nothing(said) = reply else {
        panic!("{reply:?}");
    };
    assert!(said.contains(why), "{said}");
    assert!(requests.is_empty(), "not a byte of the request was sent");
}

#[test]
fn p13_who_shows_to_be_who_was_called_gets_the_batches() {
    for speaks in [&TLS12, &TLS13] {
        let authority = Authority::new();
        let server = authority.serve("localhost", 2100, speaks);
        let (reply, requests) = two_batches(authority.believed(), server);
        assert_eq!((reply, requests.len()), (status(200), 2), "{speaks:?}");
    }
}

#[test]
fn p13_who_is_not_who_was_called_gets_nothing() {
    let authority = Authority::new();
    let other_name = authority.serve("example.org", 2100, &TLS13);
    refused(
        authority.believed(),
        other_name,
        "certificate not valid for name \"localhost\"",
    );
    let expired = authority.serve("localhost", 2021, &TLS13);
    refused(authority.believed(), expired, "certificate expired");
}

#[test]
fn p13_an_authority_that_mozilla_does_not_know_vouches_for_nobody() {
    let authority = Authority::new();
    let server = authority.serve("localhost", 2100, &TLS13);
    refused(Http::default(), server, "UnknownIssuer");
}

#[test]
fn p13_who_speaks_no_tls_gets_nothing() {
    let server = serve([[OK]]);
    // It is waiting for the end of a line.
    let Reply::Nothing(_) = impatient().post(&server.encrypted_url(), b"{}") else {
        panic!("somebody answered");
    };
    assert_eq!(server.requests(), Vec::<Vec<Vec<u8>>>::new());
}

#[test]
fn an_answer_without_an_end_is_whole_only_where_its_end_is_said() {
    for (says_so, replied) in [
        (true, (status(200), b"receipt".to_vec())),
        (
            false,
            nothing("the connection was closed before the answer"),
        ),
    ] {
        let authority = Authority::new();
        let shows = authority.vouch("localhost", 2100, &TLS13);
        let server = serve_with(move |connection| {
            let mut stream = greeting(&shows, connection());
            let asked = converse(&mut stream, &[b"HTTP/1.1 200 OK\r\n\r\nreceipt".to_vec()]);
            if says_so {
                stream.conn.send_close_notify();
                stream.flush().unwrap();
            }
            vec![asked]
        });
        let url = server.encrypted_url();
        assert_eq!(authority.believed().ask(&url, b"{}", 64), replied);
        server.requests();
    }
}

#[test]
fn p13_what_mozilla_trusts_is_in_the_program() {
    let authorities: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    assert!(authorities.len() > 100, "{}", authorities.len());
    Tls::of_mozilla().session("eu.i.posthog.com").unwrap();
}
