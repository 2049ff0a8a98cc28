//! Long lists: what grows is not copied, and pages go back to the system when nobody needs them.

/// How many items lie together.
const PAGE: usize = 64 * 1024;

/// A list in pages.
#[derive(Clone, Debug)]
pub(crate) struct Pages<T>(Vec<Vec<T>>);

impl<T> Default for Pages<T> {
    fn default() -> Pages<T> {
        Pages(Vec::new())
    }
}

impl<T> Pages<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        let full = self.0.len().saturating_sub(1) * PAGE;
        full + self.0.last().map_or(0, Vec::len)
    }

    /// The item at a place.
    #[inline]
    pub fn get(&self, place: usize) -> Option<&T> {
        self.0.get(place / PAGE)?.get(place % PAGE)
    }

    /// Adds an item.
    pub fn push(&mut self, item: T) {
        match self.0.last_mut().filter(|page| page.len() < PAGE) {
            Some(page) => page.push(item),
            None => {
                // Most evidence is small.
                let mut page = Vec::with_capacity(if self.0.is_empty() { 16 } else { PAGE });
                page.push(item);
                self.0.push(page);
            }
        }
    }

    /// Every item, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }

    /// Every item, in order; pages go as they are done with.
    pub fn into_iter(self) -> impl Iterator<Item = T> {
        self.0.into_iter().flatten()
    }
}
