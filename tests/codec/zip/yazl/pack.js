// Packs a folder with yazl: pack.js FILE FOLDER MODE. MODE is "buffer" (sizes known), "stream" (data descriptors) or "zip64".
// NODE_PATH names the folder that holds yazl.
'use strict';
const fs = require('fs');
const path = require('path');
const {Readable} = require('stream');
const yazl = require('yazl');

const [target, folder, mode] = process.argv.slice(2);
const archive = new yazl.ZipFile();

function walk(relative) {
  const names = fs.readdirSync(path.join(folder, relative)).sort();
  names.forEach((name, number) => {
    const inside = relative ? `${relative}/${name}` : name;
    const outside = path.join(folder, inside);
    if (fs.statSync(outside).isDirectory()) {
      archive.addEmptyDirectory(inside);
      walk(inside);
      return;
    }
    const body = fs.readFileSync(outside);
    const options = {compress: number % 2 === 0, mtime: new Date(1800000000000), forceZip64Format: mode === 'zip64'};
    if (mode === 'buffer') {
      archive.addBuffer(body, inside, options);
    } else {
      archive.addReadStream(Readable.from([body]), inside, options);
    }
  });
}

walk('');
archive.end({forceZip64Format: mode === 'zip64', comment: 'packed by Node'});
archive.outputStream.pipe(fs.createWriteStream(target));
