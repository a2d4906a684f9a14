namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>A YAML scalar; only a plain one, without quotes, may be a number, a truth value or null.</summary>
internal sealed record ConfigScalar(string Text, bool IsPlain)
{
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    public bool? Flag => !IsPlain ? null : Text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };
}
