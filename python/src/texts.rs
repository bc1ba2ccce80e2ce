//! How is an explanation written? In four texts, each when it is first asked for.

use pyo3::{
    exceptions::PyIndexError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyString, PyTuple, PyType},
};
use sqljwt::Explanation;

use crate::guard::detached;

/// An explanation that reads as the tuple of its texts: JSON and timeline, then both redacted. Pickled and copied it is that
/// tuple.
#[pyclass(frozen, module = "sqljwt._native")]
pub(crate) struct Texts {
    explanation: Explanation,
    texts: [Text; 4],
}

struct Text {
    write: fn(&Explanation) -> String,
    written: PyOnceLock<Py<PyString>>,
}

impl Texts {
    pub(crate) fn of(explanation: Explanation) -> Self {
        let texts: [fn(&Explanation) -> String; 4] = [
            Explanation::to_json,
            Explanation::to_string,
            |explanation| explanation.clone().redacted().to_json(),
            |explanation| explanation.clone().redacted().to_string(),
        ];
        Self { explanation, texts: texts.map(|write| Text { write, written: PyOnceLock::new() }) }
    }

    /// Whichever thread asks first writes, and any other that asks waits: none of them with the interpreter's lock.
    fn written<'py>(&self, py: Python<'py>, text: &Text) -> PyResult<Bound<'py, PyString>> {
        let written = text.written.get_or_try_init(py, || -> PyResult<_> {
            let written = detached(py, || (text.write)(&self.explanation))?;
            Ok(PyString::new(py, &written).unbind())
        })?;
        Ok(written.bind(py).clone())
    }
}

#[pymethods]
impl Texts {
    fn __getitem__<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyString>> {
        let text = self.texts.get(index).ok_or_else(|| PyIndexError::new_err("an explanation has four texts"))?;
        self.written(py, text)
    }

    /// The timeline's lines for a terminal, each with its tone, its indentation, what begins it and the rest. `redact` leaves
    /// out what strangers may not see; then no document is shown either.
    #[pyo3(signature = (*, file="settings", document=None, width=None, verbose=false, ascii=false, redact=false))]
    #[expect(clippy::too_many_arguments, reason = "Python gives them by name")]
    fn lines(
        &self,
        py: Python<'_>,
        file: &str,
        document: Option<&str>,
        width: Option<usize>,
        verbose: bool,
        ascii: bool,
        redact: bool,
    ) -> PyResult<Vec<(&'static str, usize, String, String)>> {
        let written = detached(py, || {
            let redacted = redact.then(|| self.explanation.clone().redacted());
            let explanation = redacted.as_ref().unwrap_or(&self.explanation);
            let mut timeline = explanation.timeline().file(file).verbose(verbose).ascii(ascii);
            if let Some(width) = width {
                timeline = timeline.width(width);
            }
            if let Some(document) = document.filter(|_| !redact) {
                timeline = timeline.document(document);
            }
            timeline.lines()
        })?;
        Ok(written.into_iter().map(|line| (line.tone.as_str(), line.indent, line.lead, line.text)).collect())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, (Bound<'py, PyTuple>,))> {
        let texts = self.texts.iter().map(|text| self.written(py, text));
        let texts = PyTuple::new(py, texts.collect::<PyResult<Vec<_>>>()?)?;
        Ok((py.get_type::<PyTuple>(), (texts,)))
    }
}
