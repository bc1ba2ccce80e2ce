//! Looking into a token without believing it.
//!
//! Nothing here checks a signature: whoever wrote the token wrote whatever is in it. Use it to show, never to decide.

use crate::{
    ground::{limits::TOKEN_BYTES_MAX, reason::ReasonCode},
    parsed::token::{UnverifiedToken, compact},
    telling::TokenView,
};

/// Decodes a token's header and claims without verifying anything.
///
/// # Errors
/// The code of the defect when the text cannot be taken apart: any `token_…` code.
///
/// # Example
/// ```
/// let view = sqljwt::dangerous::decode_unverified("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.")?;
/// assert_eq!(view.claims.expect("an object").get(), r#"{"sub":"alice"}"#);
/// # Ok::<(), sqljwt::ReasonCode>(())
/// ```
pub fn decode_unverified(token: impl AsRef<[u8]>) -> Result<TokenView, ReasonCode> {
    let parts = compact::split(token.as_ref(), TOKEN_BYTES_MAX);
    let token = UnverifiedToken::read(&parts);
    match (TokenView::of(&token), token.shape_defect()) {
        (Some(view), _) => Ok(view),
        (None, Some(defect)) => Err(defect.code),
        (None, None) => Err(ReasonCode::TokenMalformed),
    }
}
