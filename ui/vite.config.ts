import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte()],
  build: { target: 'safari16', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  // The catalogue lies beside the page, in assets/locales.
  server: { fs: { allow: ['..'] } },
  test: { environment: 'happy-dom', globals: true, include: ['tests/**/*.test.ts'] },
})
