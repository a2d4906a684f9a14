using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Tests.Kubernetes.Text;

public sealed class PrintableTextTests
{
    [TestCase("plain é 中 😀", "plain é 中 😀")]
    [TestCase("a\nb\tc\r", "a\\u000ab\\u0009c\\u000d")]
    [TestCase("\u001b[31m\u007f\u009b", "\\u001b[31m\\u007f\\u009b")]
    [TestCase("\u202e\u2066\u200f\u061c\ufeff\u00ad", "\\u202e\\u2066\\u200f\\u061c\\ufeff\\u00ad")]
    [TestCase("\u2028\u2029\u0085", "\\u2028\\u2029\\u0085")]
    [TestCase("\U000e0041", "\\U000e0041")]
    public void Characters_that_cannot_be_seen_are_escaped(string text, string expected) =>
        Assert.That(PrintableText.OneLine(text), Is.EqualTo(expected));

    [Test]
    public void Half_of_a_surrogate_pair_is_escaped() =>
        Assert.That(PrintableText.OneLine($"a{(char)0xd800}{(char)0xdc01}{(char)0xdc00}"), Is.EqualTo("a\ud800\udc01\\udc00"));

    [Test]
    public void Lines_of_YAML_and_JSON_stay()
    {
        const string Text = "a\n\u202e\U000e0041";

        Assert.That(PrintableText.Yaml(Text), Is.EqualTo("a\n\\u202e\\U000e0041"));
        Assert.That(PrintableText.Json(Text), Is.EqualTo("a\n\\u202e\\udb40\\udc41"));
    }
}
