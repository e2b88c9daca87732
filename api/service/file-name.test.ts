import { attachment, fileName } from './file-name'

test('a name is kept in three scripts', () => {
  for (const name of ['Еңбекке жарамсыздық парағы.pdf', 'Больничный лист № 7.pdf', 'Sick-leave certificate (2).pdf'])
    expect(fileName(name, 'pdf')).toBe(name)
})

test('a name brings no folders, and no letters that nobody sees or that turn the others round', () => {
  expect(fileName('../../etc/passwd', 'txt')).toBe('passwd.txt')
  expect(fileName('C:\\Users\\x\\анықтама.pdf', 'pdf')).toBe('анықтама.pdf')
  expect(fileName('a\u202Efdp.exe', 'pdf')).toBe('afdp.exe.pdf')
  expect(fileName('a\u0000b\r\nSet-Cookie: x\u200b.png', 'png')).toBe('abSet-Cookie_ x.png')
  expect(fileName('..', 'pdf')).toBe('file.pdf')
  expect(fileName('/', 'pdf')).toBe('file.pdf')
  expect(fileName('.htaccess', 'txt')).toBe('htaccess.txt')
})

test('a name ends as its kind does, whatever it was called', () => {
  expect(fileName('photo.exe', 'jpeg')).toBe('photo.exe.jpg')
  expect(fileName('photo.JPEG', 'jpeg')).toBe('photo.jpeg')
  expect(fileName('invoice.pdf.html', 'pdf')).toBe('invoice.pdf.html.pdf')
})

test('a name is no longer than the disks of people take, and ends with a whole letter', () => {
  const long = fileName(`${'Ә'.repeat(300)}.pdf`, 'pdf')
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255)
  expect(long).toMatch(/^Ә+\.pdf$/)
  expect(Buffer.byteLength(fileName('😀'.repeat(200), 'pdf'))).toBeLessThanOrEqual(255)
})

test('the header carries the name whole, and nothing of it ends the header or its quotes', () => {
  const header = attachment('Анықтама "7"; x=1\\%41.pdf')
  expect(header).toMatch(/^attachment; filename="[^"\\]*"; filename\*=UTF-8''[A-Za-z0-9%._~-]+$/)
  expect(decodeURIComponent(header.split("UTF-8''")[1] ?? '')).toBe('Анықтама "7"; x=1\\%41.pdf')
})
