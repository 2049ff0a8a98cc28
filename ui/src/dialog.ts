// A modal dialog of the page: it opens when it appears, and gives the focus back when it goes.
import type { Attachment } from 'svelte/attachments'

export const modal: Attachment<HTMLDialogElement> = (dialog) => {
  const before = document.activeElement
  dialog.showModal()
  return () => {
    dialog.close()
    if (before instanceof HTMLElement) before.focus()
  }
}
