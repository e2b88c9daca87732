const MOST_LISTS = 20

/**
 * Where each page that was shown of a list ended: the next begins there. So a page far down is found at once, and nobody misses a
 * line because another was taken from the page before. A page that is opened by its address is found by counting.
 */
class PageEnds {
  private readonly lists = new Map<string, Map<number, string>>()

  /** Where the page before this one of that list ended, if it was seen. */
  before(list: string, page: number): string | undefined {
    return this.lists.get(list)?.get(page - 1)
  }

  keep(list: string, page: number, end: string | undefined): void {
    const pages = this.lists.get(list) ?? new Map<number, string>()
    if (end !== pages.get(page)) for (const n of pages.keys()) if (n >= page) pages.delete(n)
    if (end !== undefined) pages.set(page, end)
    // the list looked at last is forgotten last
    this.lists.delete(list)
    if (pages.size > 0) this.lists.set(list, pages)
    const [oldest] = this.lists.keys()
    if (oldest !== undefined && this.lists.size > MOST_LISTS) this.lists.delete(oldest)
  }

  /** They belong to the person who saw them. */
  forget(): void {
    this.lists.clear()
  }
}

export const pageEnds = new PageEnds()
