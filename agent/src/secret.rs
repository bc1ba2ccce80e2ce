//! Bytes that hold a token: wiped when they are no longer needed.

use zeroize::Zeroize;

/// Bytes of a fixed most length, so that growing leaves no copy behind.
pub(crate) struct Secret(Vec<u8>);

impl Secret {
    /// Room for so many bytes.
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// A copy of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What is to be written into; no more than there is room.
    pub(crate) fn room(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        // What is in use: the room behind it was never written.
        self.0.as_mut_slice().zeroize();
    }
}
