//! How is an identity provider asked? With GET, in a bounded time, believing only certificates that the host trusts, and
//! never led elsewhere.

use std::{fmt, io::Read, sync::Arc, time::Duration};

use sqljwt::{Response, Validator, limits::FETCHED_BYTES_MAX};
use ureq::{
    Agent, Proxy,
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
};

/// What asks identity providers.
///
/// It believes the certificates that the system trusts, and those of the setting
/// `server.jwt_authentication.issuers.custom_ca`; it goes through the proxy that the environment names (`HTTPS_PROXY`,
/// `NO_PROXY`); it follows no redirect; and a whole call, from the name's look-up to the last byte, ends within the
/// setting `server.jwt_authentication.client.timeout`.
#[derive(Clone)]
pub struct Http(Agent);

/// The setting `server.jwt_authentication.issuers.custom_ca` holds a certificate that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateError(String);

impl fmt::Display for CertificateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "server.jwt_authentication.issuers.custom_ca holds no certificate that can be read: {}",
            self.0
        )
    }
}

impl std::error::Error for CertificateError {}

impl Http {
    /// What asks by these settings.
    ///
    /// # Errors
    /// The settings name certificates that cannot be read.
    pub fn new(validator: &Validator) -> Result<Self, CertificateError> {
        let mut certificates: Vec<_> = rustls_native_certs::load_native_certs()
            .certs
            .iter()
            .map(|certificate| Certificate::from_der(certificate.as_ref()).to_owned())
            .collect();
        let custom = validator.settings().value("server.jwt_authentication.issuers.custom_ca").unwrap_or_default();
        for item in parse_pem(custom.as_bytes()) {
            match item.map_err(|error| CertificateError(error.to_string()))? {
                PemItem::Certificate(certificate) => certificates.push(certificate),
                _ => return Err(CertificateError("it holds something else beside certificates".into())),
            }
        }
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::from(certificates))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        // A fetch is two answers, and has to be over before somebody else begins the same one.
        let timeout = validator.settings().fetch_timeout().min(LONGEST);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout))
            .proxy(Proxy::try_from_env())
            .user_agent(concat!("sqljwt-fetch/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .build();
        Ok(Self(config.new_agent()))
    }

    /// Asks an address. The body is read to one byte beyond what the engine takes.
    ///
    /// # Errors
    /// Why no answer came, as a clause.
    pub(crate) fn get<'h>(
        &self,
        url: &str,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    ) -> Result<Response, String> {
        let request = headers.into_iter().fold(self.0.get(url), |request, (name, value)| request.header(name, value));
        let answer = request.call().map_err(|error| error.to_string())?;
        let (parts, body) = answer.into_parts();
        let lossy = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers: Vec<_> =
            parts.headers.iter().map(|(name, value)| (name.to_string(), lossy(value.as_bytes()))).collect();
        let mut bytes = Vec::new();
        let most = FETCHED_BYTES_MAX as u64 + 1;
        body.into_reader().take(most).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        Ok(Response::new(parts.status.as_u16(), headers, bytes))
    }
}

/// The longest that a login waits for an answer, whatever the settings say.
const LONGEST: Duration = Duration::from_secs(30);

impl fmt::Debug for Http {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Http")
    }
}
