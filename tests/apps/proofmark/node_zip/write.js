// Writes a zip with yazl: node write.js OUT.zip FOLDER NAME...
'use strict';

const fs = require('fs');
const path = require('path');
const yazl = require('yazl');

const [out, folder, ...names] = process.argv.slice(2);
const zip = new yazl.ZipFile();
for (const name of names) {
  if (name.endsWith('/')) {
    zip.addEmptyDirectory(name);
  } else {
    zip.addFile(path.join(folder, name), name);
  }
}
zip.end();
zip.outputStream.pipe(fs.createWriteStream(out)).on('error', (error) => {
  throw error;
});
