//! Who is served at the same time? Whoever connects, each for itself, and no more than there are places.

use std::{
    future::poll_fn,
    io,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{sync::Semaphore, time::sleep};

/// Serves whoever `accept` brings, for ever. Where nobody can be accepted for a moment, the log says so of what has that name.
pub(crate) async fn serve<C, F: Future<Output = ()> + Send + 'static>(
    name: &str,
    places: Arc<Semaphore>,
    accept: impl Fn(&mut Context<'_>) -> Poll<io::Result<C>>,
    converse: impl Fn(C) -> F,
) {
    loop {
        // OK because nobody closes it; if somebody did, nobody would be served.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match poll_fn(&accept).await {
            Ok(client) => {
                let conversation = converse(client);
                tokio::spawn(async move {
                    conversation.await;
                    drop(place);
                });
            }
            Err(error) => {
                log::warn!("{name} cannot accept: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
