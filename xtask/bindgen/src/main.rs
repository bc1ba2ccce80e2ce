//! Writes the JavaScript glue around the WebAssembly module: `xtask-bindgen MODULE.wasm FOLDER`.

use std::{fs, path::Path, process::ExitCode};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("usage: xtask-bindgen MODULE.wasm FOLDER");
        return ExitCode::from(2);
    };
    // One ES module for every surrounding: whoever imports it hands it the WebAssembly module, or says where it lies.
    let written = Bindgen::new().input_path(module).out_name("glue").typescript(false).web(true).and_then(|bindgen| {
        // What a fresh instance after a trap needs.
        bindgen
            .reset_state_function(true)
            .omit_default_module_path(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(folder)
    });
    let written = written.map_err(|error| format!("{error:#}"));
    match written.and_then(|()| take_modules_of_other_realms(&Path::new(folder).join("glue.js"))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A compiled module may come from another realm (the sandbox of a test, an edge runtime), whose class the glue does not know: it
/// asks what the object is instead.
fn take_modules_of_other_realms(glue: &Path) -> Result<(), String> {
    const ASKED: &str = "!(module instanceof WebAssembly.Module)";
    const TO_ASK: &str = "Object.prototype.toString.call(module) !== '[object WebAssembly.Module]'";
    let failed = |error| format!("{}: {error}", glue.display());
    let text = fs::read_to_string(glue).map_err(failed)?;
    if text.matches(ASKED).count() != 1 {
        return Err(format!("{}: expected `{ASKED}` once", glue.display()));
    }
    fs::write(glue, text.replace(ASKED, TO_ASK)).map_err(failed)
}
