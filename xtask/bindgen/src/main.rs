//! Writes the JavaScript glue around the WebAssembly module: `xtask-bindgen MODULE.wasm FOLDER`.

use std::process::ExitCode;

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
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
