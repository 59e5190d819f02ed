//! Peers in Rust, as a child of Quench's: see docs/child-peers.md.

mod rayon_peer;
mod shared;
mod tokio_peer;
mod work;

use rayon_peer::Rayon;
use shared::*;
use std::sync::atomic::Ordering::Relaxed;
use tokio_peer::Tokio;

const DESCRIPTION: &str = concat!(
    "peer=rayon\n",
    "summary=par_iter().try_for_each with a flag that items look at\n",
    "library=rayon\n",
    "version=", env!("RAYON_VERSION"), "\n",
    "licence=MIT OR Apache-2.0\n",
    "flags=stops-running,skips-queued,waits-all\n",
    "reach=an AtomicBool of ours\n",
    "kinds=cpu,deaf\n",
    "peer=tokio-joinset\n",
    "summary=a task a worker in a JoinSet, yielding at each poll; abort_all at the first error\n",
    "library=tokio\n",
    "version=", env!("TOKIO_VERSION"), "\n",
    "licence=MIT\n",
    "flags=stops-running,skips-queued,waits-all,first-by-time\n",
    "reach=abort_all(), at the next await\n",
    "kinds=cpu,wait,deaf\n",
);

/// Runs calls until there are no more.
fn serve<F: Fn(Shared) -> Result<(), usize>>(shared: Shared, mut pipes: Pipes, kinds: &[u32], call: F) -> Result<(), String> {
    let h = shared.header;
    pipes.say(READY, ABI);
    loop {
        match pipes.hear() {
            (CALL, _) if !kinds.contains(&h.kind()) => return Err(format!("can't do kind {}", h.kind())),
            (CALL, number) => {
                h.t0.store(now(), Relaxed);
                let result = call(shared);
                h.return_at.store(now(), Relaxed);
                let returned = result.err().map_or(-1, |worker| worker as i32);
                h.returned.store(returned as u32, Relaxed);
                h.settle_at.store(now(), Relaxed); // both peers return when all have ended
                pipes.say(DONE, number);
            }
            (MEASURE, _) => {
                work::measure(h);
                pipes.say(MEASURED, 0);
            }
            (BYE, _) => return Ok(()),
            (what, _) => return Err(format!("message {what} is none of version {ABI}")),
        }
    }
}

fn run(name: &str) -> Result<(), String> {
    let shared = Shared::map()?;
    let pipes = Pipes::open();
    work::calibrate(shared.header);
    if name == "rayon" {
        let pool = Rayon::open(shared.header)?;
        return serve(shared, pipes, &[CPU, DEAF], |shared| pool.call(shared));
    }
    let runtime = Tokio::open(shared.header)?;
    serve(shared, pipes, &[CPU, WAIT, DEAF], |shared| runtime.call(shared))
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    match words[..] {
        ["describe"] => print!("abi={ABI}\n{DESCRIPTION}"),
        ["run", name @ ("rayon" | "tokio-joinset")] => {
            if let Err(why) = run(name) {
                eprintln!("{why}");
                std::process::exit(3);
            }
        }
        _ => {
            eprintln!("usage: {} describe | run NAME", args[0]);
            std::process::exit(2);
        }
    }
}
