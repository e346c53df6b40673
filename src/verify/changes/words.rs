//! What is said of changes, in both languages.

use crate::pdf::PdfError;
use crate::protocol::Bilingual;

pub const FIELD_GONE: Bilingual =
    Bilingual::fixed("a form field was removed or renamed", "有表单域被删除或改名");
pub const FIELD_ADDED: Bilingual = Bilingual::fixed("a form field was added", "新增了表单域");
pub const FIELD_FILLED: Bilingual = Bilingual::fixed("a form field was filled in", "填写了表单域");
pub const FIELD_LOCKED: Bilingual =
    Bilingual::fixed("a form field was filled in that a signature had locked", "填写了已被签名锁定的表单域");
pub const LOCK_UNKNOWN: Bilingual = Bilingual::fixed(
    "a form field was filled in, and whether a signature had locked it cannot be told",
    "填写了表单域，而无法确定该表单域是否已被签名锁定",
);
pub const APPEARANCE: Bilingual = Bilingual::fixed(
    "what a form field shows was changed, but not its value",
    "表单域的显示内容被修改，而其值未变",
);
pub const HANDED_DOWN: Bilingual = Bilingual::fixed(
    "a field was changed in what another one below it inherits, which may show something else since",
    "表单域中由下级域继承的设置被改动，下级域的显示可能因此不同",
);
pub const SHARED_APPEARANCE: Bilingual = Bilingual::fixed(
    "what a form field showed before is part of something else in the document too",
    "表单域先前的显示内容同时被文件的其他部分引用",
);
pub const SIGNED: Bilingual = Bilingual::fixed("a further signature was added", "追加了签名");
pub const TIME_STAMP: Bilingual = Bilingual::fixed("a document time stamp was added", "追加了文档时间戳");
pub const SIGNED_AGAINST: Bilingual = Bilingual::fixed(
    "a signature was added that an earlier one does not allow, or was exchanged after it was made",
    "追加了先前签名所不允许的签名，或签名在生成后被替换",
);
pub const PAGES: Bilingual = Bilingual::fixed(
    "pages were added, removed, exchanged or put in another order",
    "页面被增加、删除、替换或调换顺序",
);
pub const ANNOTATION_GONE: Bilingual = Bilingual::fixed("an annotation was removed", "有批注被删除");
pub const ANNOTATION_ADDED: Bilingual = Bilingual::fixed("an annotation was added", "新增了批注");
pub const ANNOTATION_CHANGED: Bilingual = Bilingual::fixed("an annotation was changed", "有批注被修改");
pub const ANNOTATION_ORDER: Bilingual = Bilingual::fixed(
    "the annotations of a page were put in another order, which may cover one by another",
    "页面批注的顺序被调换，可能造成遮挡",
);
pub const STRUCTURE: Bilingual = Bilingual::fixed(
    "the structure that tells what is what in the document was changed",
    "文件的结构标记被修改",
);
pub const STRUCTURE_GONE: Bilingual = Bilingual::fixed(
    "the structure that tells what is what in the document was removed",
    "文件的结构标记被删除",
);
pub const STORE: Bilingual = Bilingual::fixed(
    "certificates and proofs of their validity were added (DSS)",
    "增补了证书及其有效性证明（DSS）",
);
pub const STORE_GONE: Bilingual = Bilingual::fixed(
    "the certificates and proofs of their validity (DSS) were removed",
    "证书及其有效性证明（DSS）被删除",
);
pub const METADATA: Bilingual = Bilingual::fixed("the metadata were changed", "元数据有改动");
pub const TITLE: Bilingual = Bilingual::fixed(
    "the title that programs are asked to show above the document may have been changed",
    "文件要求程序显示的标题可能已被修改",
);
pub const EXTENSIONS: Bilingual = Bilingual::fixed(
    "the version of PDF or its declared extensions were changed",
    "PDF 版本或扩展声明有改动",
);
pub const PERMISSIONS: Bilingual =
    Bilingual::fixed("the permissions of the document were changed or removed", "文件的权限设置被修改或删除");
pub const CERTIFIED_LATER: Bilingual = Bilingual::fixed(
    "a later signature certifies the document, which only the first one may",
    "后来的签名对文件作了认证，而只有首个签名可以认证",
);
pub const ENCRYPTION: Bilingual = Bilingual::fixed("the encryption was changed", "加密方式被修改");
pub const ROOT: Bilingual = Bilingual::fixed("the document has another catalogue", "文件目录对象被替换");
pub const HYBRID: Bilingual = Bilingual::fixed(
    "what was appended has two tables of objects at once, and programs differ in which of them they read",
    "追加的内容同时带有两份对象索引表，各程序读取的可能不同",
);
pub const COVERS: Bilingual = Bilingual::fixed(
    "a further signature covers most of a page with its picture",
    "追加的签名以其图样遮盖了页面的大部分",
);
pub const SHOWN_STAMP: Bilingual = Bilingual::fixed(
    "a time stamp that was added shows a picture on a page",
    "追加的时间戳在页面上显示了图样",
);
pub const COVERED_BY_FIELD: Bilingual = Bilingual::fixed(
    "a form field that was filled in covers most of a page",
    "填写的表单域遮盖了页面的大部分",
);
pub const DRAWN_OVER: Bilingual = Bilingual::fixed(
    "a form field that was filled in draws more than text, or no longer what it showed while it was empty",
    "填写的表单域绘制了文字以外的内容，或不再显示其空白时所显示的内容",
);
pub const UNMEASURED: Bilingual = Bilingual::fixed(
    "how much of a page something that was added or filled in covers cannot be told",
    "无法确定新增或填写的内容遮盖了页面的多大部分",
);
pub const COVERED_BY_ANNOTATION: Bilingual =
    Bilingual::fixed("annotations that were changed cover most of a page", "有改动的批注遮盖了页面的大部分");
pub const ANNOTATION_ACTS: Bilingual =
    Bilingual::fixed("what an annotation does when it is clicked was changed", "点击批注时执行的动作有改动");
pub const PAGE_OR_BRANCH: Bilingual = Bilingual::fixed(
    "a node of the tree of pages is a page by its type and none by its kids, or the reverse",
    "页面树的某个节点按类型是页面，按子节点却不是，或者相反",
);
pub const READ_ONLY: Bilingual =
    Bilingual::fixed("a form field was filled in that is read-only", "填写了只读的表单域");
pub const TAIL: Bilingual = Bilingual::fixed(
    "the file does not end as a PDF does, so that other programs repair it and may see something else",
    "文件结尾不符合 PDF 的格式，其他程序会先行修复，看到的内容可能不同",
);
pub const GENERATION: Bilingual = Bilingual::fixed(
    "an object was written again with another generation number, which programs read differently",
    "对象以不同的代号重写，各程序读取的可能不同",
);
pub const ODD_NUMBER: Bilingual = Bilingual::fixed(
    "an object was written again with a number that programs read differently",
    "对象被重写，其中的数字各程序读取的可能不同",
);
pub const MEANWHILE: Bilingual = Bilingual::fixed(
    "a revision in between changed what it may not, though a later one undoes it; another program may show that",
    "中间的某个修订版本作了不被允许的改动，之后又被撤销；其他程序可能会显示该改动",
);
pub const TREE: Bilingual = Bilingual::fixed("the tree of pages was changed", "页面树被修改");
pub const TRAILER: Bilingual = Bilingual::fixed(
    "the trailer has an entry twice, of which readers take one or the other",
    "文件尾字典中有重复的条目，各程序可能取用不同的一个",
);
pub const CHAIN: Bilingual = Bilingual::fixed(
    "what was appended does not continue the signed revision",
    "追加的内容并未接续已签名的修订版本",
);
pub const UNREACHED: Bilingual = Bilingual::fixed(
    "objects were appended that no table leads to; another program may show them",
    "追加了索引表未指向的对象，其他程序可能会显示",
);
pub const UNREACHED_BYTES: Bilingual =
    Bilingual::fixed("bytes were appended that belong to no object", "追加了不属于任何对象的字节");
pub const MENDED: Bilingual = Bilingual::fixed(
    "the file is damaged and had to be repaired to be read, so others may see something else in it",
    "文件已损坏，须修复后方可读取，他人看到的内容可能不同",
);
pub const NOT_SIGNED_THEN: Bilingual = Bilingual::fixed(
    "in the revision that it covers the signature was not in this form field",
    "在签名所覆盖的修订版本中，该签名并不在此表单域内",
);
pub const NOTHING_SHOWN: Bilingual = Bilingual::fixed(
    "a later revision changes nothing that the document shows",
    "后来的修订未改变文件显示的内容",
);
pub const PART: Bilingual =
    Bilingual::fixed("the signed bytes end where no revision does", "已签名的字节未在某个修订版本的末尾结束");
pub const NO_REVISION: Bilingual = Bilingual::fixed(
    "the signed bytes alone cannot be read as a document",
    "已签名的字节本身无法作为文件读取",
);
pub const NO_RANGE: Bilingual = Bilingual::fixed(
    "which bytes are signed cannot be told, so neither what was changed",
    "无法确定哪些字节已被签名，也就无法确定所作修改",
);

pub const TABLES: Bilingual = Bilingual::fixed(
    "the tables of what was appended are not as they have to be, so that other programs repair the file and may see something else",
    "追加部分的对象索引表不符合规定，其他程序会先行修复，看到的内容可能不同",
);
pub const LOOSE: Bilingual = Bilingual::fixed(
    "an object that was appended is not written as the standard has it, and programs may take it for different things",
    "追加的对象书写不符合标准，各程序的解读可能不同",
);
pub const STRAYS: Bilingual = Bilingual::fixed(
    "the file holds what looks like an object and is none by its tables; a program that repairs the file may show it",
    "文件中有形似对象而索引表并未指向的内容，修复文件的程序可能会显示",
);
pub const OVERLAP: Bilingual = Bilingual::fixed(
    "objects were appended that stand within other ones, where programs find them or not",
    "追加的对象位于其他对象之内，有的程序能找到，有的则不能",
);
pub const DANGLING: Bilingual = Bilingual::fixed(
    "a reference was added that leads to no object, for which some programs repair the whole file",
    "新增了指向不存在对象的引用，某些程序会因此修复整个文件",
);
pub const REPEATED: Bilingual = Bilingual::fixed(
    "an object has an entry twice, of which programs take one or the other",
    "对象中有重复的条目，各程序可能取用不同的一个",
);
pub const NO_LENGTH: Bilingual = Bilingual::fixed(
    "how long a stream is cannot be told, so neither whether it is the same",
    "数据流的长度无法确定，也就无法确定其内容是否相同",
);

/// Says that an object cannot be read, so that it cannot be compared.
pub fn unreadable(error: PdfError) -> Bilingual {
    error.what.after("what was changed cannot be read", "所作修改无法读取")
}

/// Stands for an entry that is there twice, where keys are named.
pub const TWICE: &str = "(twice)";

/// Says that a page was changed, and which entry of it.
pub fn page(page: usize, key: &str) -> Bilingual {
    entry(key).after(format!("page {page} was changed"), format!("第 {page} 页被修改"))
}

/// Says that a form field was changed, and which entries of it.
pub fn field(keys: &[String]) -> Bilingual {
    let key = if keys.iter().any(|key| key == TWICE) { TWICE.to_owned() } else { keys.join(", /") };
    entry(&key).after("a form field was changed", "表单域被修改")
}

/// Says that the form was changed, and which entry of it.
pub fn form(key: &str) -> Bilingual {
    entry(key).after("the form was changed", "表单被修改")
}

/// Says that the catalogue was changed, and which entry of it.
pub fn catalogue(key: &str) -> Bilingual {
    entry(key).after("the document's catalogue was changed", "文件目录被修改")
}

fn entry(key: &str) -> Bilingual {
    if key == TWICE {
        return Bilingual::fixed(
            "it has an entry twice, of which programs take one or the other",
            "有条目重复，各程序可能取用不同的一个",
        );
    }
    Bilingual::same(format!("/{key}"))
}
