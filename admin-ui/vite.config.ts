import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const inPackage = (...names: string[]) => new RegExp(`[\\\\/]node_modules[\\\\/](?:${names.join('|')})[\\\\/]`)

export default defineConfig({
  base: '/',
  plugins: [react()],
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    rolldownOptions: {
      output: {
        // Libraries change seldom: apart from our code they stay in the browser's cache over a release. What only some pages need of
        // them comes with those pages.
        codeSplitting: {
          groups: [
            ['react', ['react', 'react-dom', 'scheduler', 'react-router', 'react-router-dom']] as const,
            ['mui', ['@mui', '@emotion']] as const,
            ['admin', ['react-admin', 'ra-[a-z-]+', '@tanstack', 'react-hook-form', 'lodash']] as const,
          ].map(([name, packages]) => ({ name, tags: ['$initial' as const], test: inPackage(...packages) })),
        },
      },
    },
  },
})
