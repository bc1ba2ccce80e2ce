//! Writes the seeds of one target into a folder: `seeds TARGET FOLDER`.

use std::{fs, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [target, folder] = &*arguments else {
        eprintln!("seeds TARGET FOLDER");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    let written = fs::create_dir_all(folder).and_then(|()| {
        let mut seeds = sqljwt_robustness::seeds(target).into_iter().enumerate();
        seeds.try_for_each(|(number, seed)| fs::write(folder.join(format!("{number:05}")), seed))
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::from(2)
        }
    }
}
