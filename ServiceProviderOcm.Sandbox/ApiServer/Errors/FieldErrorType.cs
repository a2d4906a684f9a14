namespace ServiceProviderOcm.Sandbox.ApiServer.Errors;

internal enum FieldErrorType
{
    /// <summary>The value is invalid.</summary>
    Invalid,

    /// <summary>The value has another type.</summary>
    TypeInvalid,

    /// <summary>The value is missing.</summary>
    Required,

    /// <summary>The value is not one of the allowed values.</summary>
    NotSupported,

    /// <summary>The value cannot be set.</summary>
    Forbidden,

    /// <summary>The value is a duplicate.</summary>
    Duplicate,

    /// <summary>The text is too long.</summary>
    TooLong,

    /// <summary>The list has too many items.</summary>
    TooMany,
}
