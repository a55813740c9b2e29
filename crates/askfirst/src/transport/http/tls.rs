//! TLS by rustls: who answers must show a certificate for the name that was called, from an
//! authority that Mozilla trusts. Nothing on the machine widens or narrows that.

use std::io;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, KeyProvider, ring};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::sign::SigningKey;
use rustls::{ClientConfig, ClientConnection, Error, RootCertStore};

/// Whom we believe, and what we speak.
pub(super) struct Tls(Result<Arc<ClientConfig>, Error>);

/// Nobody shows a certificate from here: signing with one need not be in anybody's program.
#[derive(Debug)]
struct NoKeys;

impl Tls {
    /// Mozilla's authorities, as they lie in the program.
    pub(super) fn of_mozilla() -> Tls {
        let authorities = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
        Tls::trusting(authorities.collect())
    }

    /// These authorities and no other.
    pub(super) fn trusting(authorities: RootCertStore) -> Tls {
        let provider = CryptoProvider {
            key_provider: &NoKeys,
            ..ring::default_provider()
        };
        let speaks = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions();
        Tls(speaks.map(|speaks| {
            let config = speaks.with_root_certificates(authorities);
            let mut config = config.with_no_client_auth();
            // A ticket is handed out by the receiver and shown to it again: nothing here is.
            config.resumption = Resumption::disabled();
            Arc::new(config)
        }))
    }

    /// A conversation with `host` that has not begun.
    ///
    /// # Errors
    ///
    /// If no certificate could be for such a name.
    pub(super) fn session(&self, host: &str) -> io::Result<ClientConnection> {
        let invalid = |why: &dyn std::fmt::Display| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("{host}: {why}"))
        };
        let config = self.0.as_ref().map_err(|error| invalid(error))?;
        let name = ServerName::try_from(host.to_owned()).map_err(|error| invalid(&error))?;
        ClientConnection::new(Arc::clone(config), name).map_err(|error| invalid(&error))
    }
}

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _key: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        Err(Error::General("this program has no keys".to_owned()))
    }
}
