//! Does the driver fetch what a login needs, whatever the identity provider does?

mod exchange;
mod faults;
mod rotation;
mod scopes;
mod site;
