// Which keys a query sees: those of its range; with a window only the last `window` of them (its own the last), and the prefix.

fn visible(j: u32, range: vec2<u32>, prefix: u32, window: u32) -> bool {
  return j >= range.x && j < range.y && (j < prefix || range.y - j <= window);
}

/// The first key behind the prefix that is visible.
fn window_start(range: vec2<u32>, window: u32) -> u32 {
  return max(range.x, range.y - min(range.y, window));
}
