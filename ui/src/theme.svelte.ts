// Light, dark, or as the system.
export type Theme = 'system' | 'light' | 'dark'

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const stored = () => localStorage.getItem('theme')

class Appearance {
  theme: Theme = $state(stored() === 'light' || stored() === 'dark' ? (stored() as Theme) : 'system')

  constructor() {
    dark.addEventListener('change', () => this.apply())
    this.apply()
  }

  choose(theme: Theme) {
    this.theme = theme
    localStorage.setItem('theme', theme)
    this.apply()
  }

  apply() {
    const theme = this.theme === 'system' ? (dark.matches ? 'dark' : 'light') : this.theme
    document.documentElement.dataset.theme = theme
  }
}

export const appearance = new Appearance()
