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
    // react-admin's own share is one chunk of about 130 kB gzipped; splitting it further only costs requests
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // libraries change seldom: apart from our code they stay in the browser's cache over a release
        codeSplitting: {
          groups: [
            { name: 'react', test: inPackage('react', 'react-dom', 'scheduler', 'react-router', 'react-router-dom') },
            { name: 'mui', test: inPackage('@mui', '@emotion') },
            { name: 'admin', test: inPackage('react-admin', 'ra-[a-z-]+', '@tanstack', 'react-hook-form', 'lodash') },
          ],
        },
      },
    },
  },
})
