using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Tests.Kubernetes.Text;

public sealed class ForeignTextTests
{
    [TestCase(null, "")]
    [TestCase("", "")]
    [TestCase("no such tag", "no such tag")]
    [TestCase("ä <b> 'x' 🙂", "ä <b> 'x' 🙂")]
    [TestCase("  padded\n", "padded")]
    [TestCase("two\r\nlines\tand\u2028more\u2029\u0085end", "two lines and more end")]
    [TestCase("\u001b[31mred\u001b[0m", "[31mred[0m")]
    [TestCase("\u202eevil\u202c \u2066x\u2069\u200e\u200f\ufeff\u0000\u009b\u007f", "evil x")]
    [TestCase("tag \U000E0041", "tag")]
    public void A_quotation_is_one_line_without_characters_that_control_a_terminal(string? text, string quotation) =>
        Assert.That(ForeignText.Quote(text), Is.EqualTo(quotation));

    [Test]
    public void Half_a_surrogate_pair_is_replaced() => Assert.That(ForeignText.Quote("a\ud800b"), Is.EqualTo("a\ufffdb"));

    [TestCase("x")]
    [TestCase("ä")]
    [TestCase("🙂")]
    [TestCase("ab🙂")]
    public void A_long_text_is_cut_between_characters(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 100_000 / part.Length));

        var quotation = ForeignText.Quote(text);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Encoding.UTF8.GetByteCount(quotation), Is.InRange(ForeignText.MaxBytes - 3, ForeignText.MaxBytes));
            Assert.That(quotation, Does.EndWith("…"));
            Assert.That(text, Does.StartWith(quotation[..^1]));
            Assert.That(quotation, Has.None.EqualTo('\ufffd'));
        }
    }

    [TestCase(512)]
    [TestCase(511)]
    public void A_text_of_the_maximum_length_is_not_cut(int length) =>
        Assert.That(ForeignText.Quote(new string('x', length)), Is.EqualTo(new string('x', length)));
}
