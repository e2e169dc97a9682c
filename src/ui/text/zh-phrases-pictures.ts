// 简体中文: sentences about sets of pictures (src/pictures), by their English words.
import type { Dictionary } from '../../config/phrase'

export const pictures: Dictionary = {
  '{0}: expected rows of text for the language model {1}, got pictures. Open a model that sees pictures ({2}), then they are read for it.':
    '{0}：语言模型 {1} 需要文本行，实际是图片。请打开能看图片的模型（{2}），随后会为它读取这些图片。',
  'expected a whole picture, got a file that is cut off. Copy or download it again.': '应为完整的图片，实际文件不完整。请重新复制或下载。',
  'expected a whole picture, got damaged bytes. Copy or download it again.': '应为完整的图片，实际字节已损坏。请重新复制或下载。',
  'expected a folder around the picture that names its class, got none. Move the picture into one.':
    '图片应放在以其类别命名的文件夹中，实际没有。请把图片移到这样的文件夹中。',
  'expected one of the class names, got the folder {0}. Correct the name, or name the classes with --classes.':
    '应为类别名称之一，实际文件夹为 {0}。请更正名称，或用 --classes 指定类别。',
  '{0}: expected at most {1} pictures, got {2}. Take a part of them.': '{0}：最多 {1} 张图片，实际为 {2} 张。请只使用其中一部分。',
  '{0}: expected pictures with a class, got none. The first one, {1}: {2}': '{0}：应有带类别的图片，实际没有。第一张 {1}：{2}',
  '{0}: expected a folder with a folder of pictures (PNG, JPEG, WebP, GIF, BMP) for each class, got no pictures. Choose another folder.':
    '{0}：应为每个类别各有一个图片文件夹（PNG、JPEG、WebP、GIF、BMP）的文件夹，实际没有图片。请选择其他文件夹。',
  '{0}: expected {1} to be {2}, got {3}. Use the file that belongs to the model.': '{0}：{1} 应为{2}，实际为 {3}。请使用模型自带的文件。',
  'three numbers above 0': '三个大于 0 的数',
  'three numbers': '三个数',
  'whole numbers from 1 to {0} as {1}': '由 {1} 给出的从 1 到 {0} 的整数',
  '{0}: expected image_processor_type to be {1}, got {2}. Use a ViT, DeiT or CLIP model with its own file.':
    '{0}：image_processor_type 应为 {1}，实际为 {2}。请使用带有自身文件的 ViT、DeiT 或 CLIP 模型。',
  '{0}: expected settings of an image processor, got another value. Use the file that belongs to the model.':
    '{0}：应为图像处理器的设置，实际是其他值。请使用模型自带的文件。',
  '{0}: expected settings of {1}ImageProcessor, got {2}, which TabTune does not compute. Use another model.':
    '{0}：应为 {1}ImageProcessor 的设置，实际为 {2}，TabTune 不支持这种计算。请使用其他模型。',
  'a number from 0 to {0}': '从 0 到 {0} 的数',
  '{0}: expected one size for all pictures (a fixed size or do_center_crop), got pictures that keep their own. Use another model.':
    '{0}：所有图片应为同一大小（固定大小或 do_center_crop），实际各自保持原大小。请使用其他模型。',
  'expected a picture, got an empty file. Copy or download it again.': '应为图片，实际为空文件。请重新复制或下载。',
  'expected {0}, got {1}. Save it as PNG or JPEG.': '应为 {0}，实际：{1}。请保存为 PNG 或 JPEG。',
  'a file of another kind': '其他类型的文件',
  'expected a picture, got one of {0} × {1} pixels. Make the file again.': '应为图片，实际大小为 {0} × {1} 像素。请重新制作此文件。',
  'expected at most {0} pixels and {1} on a side, got {2} × {3}. Make the picture smaller.':
    '最多 {0} 像素、每边最多 {1} 像素，实际为 {2} × {3}。请缩小图片。',
  '{0}: expected a whole picture, got one that cannot be decoded ({1}). Copy or download it again.':
    '{0}：应为完整的图片，实际无法解码（{1}）。请重新复制或下载。',
  '{0} and {1} ({2} bits)': '{0} 与 {1}（{2} 位）',
  '{0} and {1}': '{0} 与 {1}',
  '  {0}': '  {0}',
  '  and {0} more': '  另外 {0} 个',
  'Pictures that are refused: {0}.': '被拒绝的图片：{0}。',
  'an empty string': '空字符串',
  'Classes with fewer than {0} pictures to train on: {1} of {2}, such as {3} with {4}. All that they have are used.':
    '可用于训练的图片少于 {0} 张的类别：{2} 个中的 {1} 个，例如 {3}（{4} 张）。将使用它们的全部图片。',
  'Classes without pictures: {0}, such as {1}.': '没有图片的类别：{0} 个，例如 {1}。',
  'Pairs that are the same or look the same, one in training and one in evaluation: {0}.':
    '相同或看上去相同、但一张用于训练而另一张用于评估的图片对：{0}。',
  'Pairs that are the same or look the same, in two classes: {0}.': '相同或看上去相同、但属于两个类别的图片对：{0}。',
  'Pictures that are the same file as another: {0}.': '与另一张图片是同一文件的图片：{0}。',
  'Pairs that look the same (at most {0} of {1} bits differ): {2}.': '看上去相同的图片对（{1} 位中最多 {0} 位不同）：{2}。',
  'Pictures with fewer than {0} pixels on a side: {1}, such as {2}.': '有一边不足 {0} 像素的图片：{1}，例如 {2}。',
  'Pictures with 16-bit grey: {0}, such as {1}. As in Pillow, values above 255 become white. Save them with 8 bits.':
    '16 位灰度图片：{0}，例如 {1}。与 Pillow 一样，大于 255 的值会变为白色。请以 8 位保存。',
  'Files that are left out because they do not have the name of a picture: {0}.': '因文件名不是图片而排除的文件：{0}。',
  'expected the path of a picture in the folder of this file, got {0}. Correct the path.':
    '应为此文件所在文件夹中图片的路径，实际为 {0}。请更正路径。',
  '{0}: expected the path of a picture, got {1}. Correct the row.': '{0}：应为图片的路径，实际为{1}。请更正该行。',
  'label: expected a class as a number or a name, got {0}. Correct the row.': 'label：类别应为数字或名称，实际为{0}。请更正该行。',
  'label: expected one of {0} classes, by name or by number from 0, got {1}. Correct the row.':
    'label：应为 {0} 个类别之一，用名称或从 0 开始的数字表示，实际为 {1}。请更正该行。',
  'image: expected a picture beside this file, got no file {0}. Correct the path.':
    'image：此文件旁应有图片，实际没有文件 {0}。请更正路径。',
  '{0}: expected class names, as a JSON list or one on each line, each once, got {1}. Correct the file.':
    '{0}：应为类别名称（JSON 列表，或每行一个），各出现一次，实际为{1}。请更正文件。',
  'JSON that cannot be read': '无法读取的 JSON',
  'other values': '其他值',
  '{0} twice': '{0} 出现两次',
  'expected a whole picture, got one that its decoder refuses. Save it again, or leave it out.':
    '应为完整的图片，实际被解码器拒绝。请重新保存，或将其排除。',
  'expected an ordinary BMP, got {0}. Save it as PNG.': '应为普通的 BMP，实际{0}。请保存为 PNG。',
  'one with other masks ({0})': '使用了其他掩码（{0}）',
  'one with a header of {0} bytes': '文件头为 {0} 字节',
  'one with {0} bits': '为 {0} 位',
  'a packed one (RLE)': '经过压缩（RLE）',
  'one with packing {0}': '压缩方式为 {0}',
  'expected a picture, got a GIF without one. Make the file again.': '应为图片，实际为不含图片的 GIF。请重新制作此文件。',
  'expected a JPEG in RGB or grey, got one in CMYK, which is for print. Save it in RGB, and read it again.':
    '应为 RGB 或灰度的 JPEG，实际为用于印刷的 CMYK。请以 RGB 保存后重新读取。',
  'expected a baseline or progressive JPEG with 8 bits in RGB or grey, got another kind (marker SOF{0}, {1} bits, {2} colours). Save it as an ordinary JPEG or as PNG.':
    '应为 8 位、RGB 或灰度的基线或渐进式 JPEG，实际为其他类型（标记 SOF{0}，{1} 位，{2} 个颜色分量）。请保存为普通 JPEG 或 PNG。',
  'expected a JPEG of at most {0} scans, got more. Save it again.': 'JPEG 最多 {0} 次扫描，实际更多。请重新保存。',
  '{0}: expected a picture file of at most {1} bytes, got {2}. Make the picture smaller.':
    '{0}：图片文件最大 {1} 字节，实际为 {2} 字节。请缩小图片。',
  '{0}: expected pictures of {1} × {2}, as its positions are for, got {3} × {4} by its preprocessor. Use the file that belongs to the model.':
    '{0}：模型的位置对应 {1} × {2} 的图片，但其预处理器给出 {3} × {4}。请使用模型自带的文件。',
  '{0}: expected pictures of the classes {1}, got {2} that cannot be used. The first one, {3}: {4}':
    '{0}：应为类别 {1} 的图片，实际有 {2} 张无法使用。第一张 {3}：{4}',
  '{0}: expected a language model, got one that sorts pictures, which GGUF does not have here. Merge into a folder instead.':
    '{0}：应为语言模型，实际为图片分类模型，此处的 GGUF 不支持这类模型。请改为合并到文件夹。',
  '{0}: expected JSON, got text that cannot be read. Use the file that belongs to the model.':
    '{0}：应为 JSON，实际为无法读取的文本。请使用模型自带的文件。',
  augmentation: '图片变换',
  'expected a picture, got a PNG without one. Make the file again.': '应为图片，实际为不含图片的 PNG。请重新制作此文件。',
  '{0}: expected a whole set of pictures, got {1}. Open the pictures again.': '{0}：应为完整的图片集，实际{1}。请重新打开图片。',
  'one that was cut off': '不完整',
  'a list that cannot be read': '列表无法读取',
  '{0} bytes instead of {1}': '为 {0} 字节而不是 {1} 字节',
  'expected each picture in one row, got it again with the class {0}. Its first row counts.':
    '每张图片应只占一行，实际再次出现，类别为 {0}。以第一行为准。',
  '{0}: expected a file in the zip, got none. Open the zip again.': '{0}：zip 中应有此文件，实际没有。请重新打开该 zip。',
  'The worker that decodes pictures failed: {0}. Reload the page.': '解码图片的后台线程出错：{0}。请重新加载页面。',
  'Pictures are decoded in workers, and this browser offers none. Reload the page.':
    '图片在后台线程中解码，而此浏览器不提供后台线程。请重新加载页面。',
  '{0}: expected rows of text, got pictures. Choose a language model and rows of text.':
    '{0}：应为文本行，实际是图片。请选择语言模型和文本数据。',
  'The adapter sorts into the classes {0}, and the pictures have {1}. Open pictures of its classes.':
    '适配器的类别为 {0}，而图片的类别为 {1}。请打开属于其类别的图片。',
  'No pictures are open. Open pictures first.': '没有打开图片。请先打开图片。',
  '{0}: expected pictures that are held out, got none. Hold out a share of them.': '{0}：应有留作评估的图片，实际没有。请留出一部分图片。',
  '{0}: expected pictures, since {1} sorts pictures into classes, got another file. Drop a folder with a folder of pictures for each class, or choose a language model.':
    '{0}：{1} 是图片分类模型，应为图片，实际是其他文件。请拖入每个类别各有一个图片文件夹的文件夹，或选择语言模型。',
  '{0}: expected at least two classes, got {1}. Add a class.': '{0}：至少应有两个类别，实际为 {1} 个。请添加类别。',
  '{0}: expected pictures to train on, got none. Add pictures, or hold out fewer.':
    '{0}：应有用于训练的图片，实际没有。请添加图片，或减少留出的比例。',
  'Another model was loaded meanwhile. Try again.': '期间加载了另一个模型。请重试。',
  '{0}: expected rows of text, got pictures. Choose another file.': '{0}：应为文本行，实际是图片。请选择其他文件。',
  "{0}: expected preprocessor_config.json beside config.json, got none. Choose the model's whole folder.":
    '{0}：config.json 旁应有 preprocessor_config.json，实际没有。请选择模型的整个文件夹。',
  '{0}: expected a folder around the picture that names its class, got none. Drop a folder with a folder of pictures for each class.':
    '{0}：图片应放在以其类别命名的文件夹中，实际没有。请拖入每个类别各有一个图片文件夹的文件夹。',
  'adapter: expected classes that are read in the usual words, got ids or templates of its own. Use this adapter on the command line.':
    '适配器：应以通常的文字读取类别，实际有自己的编号或模板。请在命令行中使用此适配器。',
  'Pairs that look the same were looked for until there were {0}, so the numbers of pairs may be too low.':
    '看上去相同的图片对查找到 {0} 对即停止，因此各项对数可能偏低。',
}
