//! How does a value that has a name appear in texts and documents? By that name.

/// Shows and serialises types by their `as_str`.
macro_rules! named {
    ($($type:ty),+) => {
        $(
            impl core::fmt::Display for $type {
                fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    formatter.write_str(self.as_str())
                }
            }

            impl serde::Serialize for $type {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }
        )+
    };
}
pub(crate) use named;
