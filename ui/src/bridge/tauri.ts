// The window's shell.
import { Channel, invoke } from '@tauri-apps/api/core'
import { getCurrentWebview } from '@tauri-apps/api/webview'
import type { Bridge, News } from './index.ts'

export const tauri: Bridge = {
  openedWith: () => invoke('opened_with'),
  // The answer may come before the last news: a job ends with its own last news.
  read: (job, sources, assumed, tell) =>
    new Promise((resolve, reject) => {
      const news = new Channel<News>()
      news.onmessage = (message) => {
        tell(message)
        if (message.kind === 'done') resolve()
      }
      invoke<boolean>('read', { job, sources, assumed, news }).then((ends) => ends || resolve(), reject)
    }),
  cancel: (job) => invoke('cancel', { job }),
  assume: (assumed) => invoke('assume', { assumed }),
  lookUp: () => invoke('look_up'),
  letter: (facts) => invoke('letter', { facts }),
  check: (facts, how) => invoke('check', { facts, how }),
  checkAgain: (id, subject) => invoke('check_again', { id, subject }),
  blocklists: () => invoke('blocklists'),
  cards: () => invoke('cards'),
  declarations: () => invoke('declarations'),
  lines: (choice, from) => invoke('lines', { choice, from }),
  line: (attempt, choice) => invoke('line', { attempt, choice }),
  pick: (folder) => invoke('pick', { folder }),
  save: (document, facts) => invoke('save', { document, facts }),
  preview: (facts) => invoke('preview', { facts }),
  send: (facts, account, again) => invoke('send', { facts, account, again }),
  fileDraft: (facts, account) => invoke('file_draft', { facts, account }),
  declare: (facts) => invoke('declare', { facts }),
  openMail: (facts) => invoke('open_mail', { facts }),
  openDocument: (document, facts) => invoke('open_document', { document, facts }),
  onDrop(hover, drop) {
    void getCurrentWebview().onDragDropEvent(({ payload }) => {
      hover(payload.type === 'enter' || payload.type === 'over')
      if (payload.type === 'drop') drop(payload.paths)
    })
  },
}
