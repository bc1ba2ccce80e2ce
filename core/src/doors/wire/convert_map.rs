//! The verb `convert_map`: another server's map as an identity map, line by line with what differs.

use alloc::{format, string::String, vec::Vec};

use crate::{
    doors::{
        advisor::{self, MapDialect},
        wire::call::{Call, CallError, invalid, missing},
    },
    ground::text::{listed, shown},
};

pub(super) fn answer(call: &Call<'_>) -> Result<String, CallError> {
    let text = call.string("text")?.ok_or_else(|| missing("text"))?;
    let name = call.string("dialect")?.ok_or_else(|| missing("dialect"))?;
    let Some(dialect) = MapDialect::all().iter().copied().find(|dialect| dialect.as_str() == name) else {
        let names: Vec<_> = MapDialect::all().iter().map(|dialect| dialect.as_str()).collect();
        return Err(invalid(format!(
            "`{}` is no dialect of maps; it is one of {}",
            shown(&name),
            listed(&names, names.len())
        )));
    };
    let (issuers, settings) = (call.map_issuers()?, call.settings_if_any()??);
    Ok(advisor::convert_map(&text, dialect, &issuers, &settings).to_json())
}
