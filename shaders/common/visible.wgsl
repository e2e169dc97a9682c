// Which keys a query sees: those of its range, or with a window only the last `window` of them, which end with its own.
// A prefix comes before the row's own keys and leaves the window as they do, because Transformers masks a cache by place only.

fn visible(j: u32, range: vec2<u32>, window: u32) -> bool {
  return j >= range.x && j < range.y && range.y - j <= window;
}

/// The first key that is visible.
fn window_start(range: vec2<u32>, window: u32) -> u32 {
  return max(range.x, range.y - min(range.y, window));
}
