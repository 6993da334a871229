"""What the reader sees: one file a format, `render(report) -> str`.

Names from the document and from the live system are hostile text: each format escapes them in its own way, beside
`safe.visible`, which no format leaves out.
"""
